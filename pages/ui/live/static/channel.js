// The live channel of one page: one socket, shared by every component on the page.
// Frames bring what has changed; each component that watches a view is called when its view has changed.

import { apply } from "./difference.js";

const watchers = new Map(); // view key -> Set of functions
const listeners = new Set(); // functions of the status
const views = new Map(); // view key -> its whole state
let status = null;
let socket = null;
let token = null;
let wish = 0;
let failures = 0; // of the socket, one after another
let blocked = 0; // those of them that are not the server's: it answers, but no socket comes through
let met = false; // whether this server has known us
let slow = null; // what the fallback's bridge gives us: (message) => void
let onSlow = () => {};
let onFast = () => {};
let pendingWatch = 0;
let dirty = new Set();
let unanswered = null;
const QUEUE_MS = 8000; // what was pressed longer ago than this is not wanted any more
const queued = []; // [time, message]: commands given while there is no connection
const followers = new Set(); // functions of the connection: "", "reconnecting" or "slow"
let connection = "";

// A tab has one session for its life. Where Streamlit tells of another, the server has lost ours.
export function connect(newToken) {
  if (newToken === token) return;
  if (token) return comeBack();
  token = newToken;
  open();
}

function open() {
  const url = new URL(`live/socket/${token}`, document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const mine = new WebSocket(url);
  let opened = false;
  socket = mine;
  mine.onopen = () => {
    sendWatch();
    sendQueued();
  };
  mine.onmessage = (event) => {
    opened = met = true;
    failures = blocked = 0;
    if (slow) onFast();
    slow = null;
    tell("");
    take(JSON.parse(event.data));
  };
  mine.onclose = async () => {
    if (!slow) tell("reconnecting");
    if (!opened) await findOut();
    setTimeout(open, Math.min(4000, 300 * 2 ** failures));
  };
}

// A browser that has lost its network may keep a dead socket for a minute; nothing comes through it any more.
window.addEventListener("offline", () => !slow && tell("reconnecting"));
window.addEventListener("online", () => socket?.close());

// Why no socket could be opened: the server is away, has lost our session, or something between lets no socket through.
async function findOut() {
  failures += 1;
  const answer = await fetch(runUrl("link"), { signal: AbortSignal.timeout(4000) }).catch(() => null);
  if (answer?.status === 404 && met) comeBack();
  else if (answer?.ok && ++blocked >= 3) onSlow();
}

// The server was started again, or we were away for long: the address holds the run, which Streamlit's own connection
// does not know of. It asks again with the address of the first visit.
function comeBack() {
  location.reload();
}

// Watch a view: draw(state, step) is called at once if its state is known, and whenever it has changed.
export function watch(key, draw) {
  if (!watchers.has(key)) watchers.set(key, new Set());
  watchers.get(key).add(draw);
  askAgain();
  return () => {
    watchers.get(key)?.delete(draw);
    if (!watchers.get(key)?.size) watchers.delete(key);
  };
}

// What shows the view of a key from now on, in place of the one it has shown: a component with draw(state, step).
export function show(component, key) {
  if (key === component.key) return;
  component.stop?.();
  component.key = key;
  component.stop = watch(key, (state, step) => component.draw(state, step));
}

export function listen(hear) {
  listeners.add(hear);
  if (status) hear(status);
  return () => listeners.delete(hear);
}

// A command goes out at once, or, in the order they were given, as soon as there is a connection again.
export function send(message) {
  queued.push([Date.now(), { type: "command", ...message }]);
  sendQueued();
}

function sendQueued() {
  if (!slow && socket?.readyState !== WebSocket.OPEN) return;
  for (const [time, message] of queued.splice(0)) {
    if (Date.now() - time > QUEUE_MS) continue;
    if (slow) slow(message);
    else socket.send(JSON.stringify(message));
  }
}

// Call hear(connection) now and whenever it changes: "" while it is live, "reconnecting", or "slow".
export function follow(hear) {
  followers.add(hear);
  hear(connection);
  return () => followers.delete(hear);
}

function tell(now) {
  if (now === connection) return;
  connection = now;
  for (const hear of followers) hear(connection);
}

// The address at which the server tells of this tab's run: its "link" or its "file".
export function runUrl(what) {
  return new URL(`live/run/${token}/${what}`, document.baseURI);
}

function askAgain() {
  clearTimeout(pendingWatch);
  pendingWatch = setTimeout(sendWatch, 15);
}

function sendWatch() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  wish += 1;
  socket.send(JSON.stringify({ type: "watch", wish, views: [...watchers.keys()] }));
}

function take(frame) {
  if (frame.refused !== undefined || frame.wish !== wish) return;
  takeChanges(frame);
  unanswered = frame.frame;
  if (document.hidden) answer();
  else requestAnimationFrame(drawAll);
}

// A frame from the fallback, which remembers nothing of the last one and so sends everything.
export function takeWhole(frame) {
  takeChanges(frame);
  requestAnimationFrame(drawAll);
}

function takeChanges(frame) {
  status = apply(status, frame.status);
  for (const [key, change] of Object.entries(frame.views)) {
    if (!views.has(key) && !("=" in change)) continue; // it has had nothing to say yet
    views.set(key, apply(views.get(key), change));
    dirty.add(key);
  }
}

function drawAll() {
  for (const hear of listeners) hear(status);
  const keys = dirty;
  dirty = new Set();
  for (const key of keys) for (const draw of watchers.get(key) ?? []) draw(views.get(key), status.step);
  answer();
}

function answer() {
  if (unanswered !== null && socket?.readyState === WebSocket.OPEN)
    socket.send(JSON.stringify({ type: "drawn", frame: unanswered }));
  unanswered = null;
}

document.addEventListener("visibilitychange", () => !document.hidden && status && requestAnimationFrame(drawAll));

// From now on commands go out through sendSlowly, until the socket, which is tried on, brings a frame after all.
export function useSlow(sendSlowly, callback) {
  slow = sendSlowly;
  onFast = callback;
  tell("slow");
  sendQueued();
}

export function whenSlow(callback) {
  onSlow = callback;
  if (blocked >= 3) callback();
}
