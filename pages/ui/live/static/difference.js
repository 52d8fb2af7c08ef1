// Applies what difference.py found between two states of a view; nothing that was there before is changed in place.

export function apply(old, change) {
  if ("=" in change) return change["="];
  if ("+" in change) return old.concat(change["+"]);
  if ("@" in change) {
    const list = old.slice();
    for (const [place, part] of change["@"]) list[place] = apply(old[place], part);
    return list;
  }
  if (!("~" in change || "-" in change)) return old;
  const gone = new Set(change["-"] ?? []);
  const whole = new Map(Object.entries(old).filter(([key]) => !gone.has(key)));
  for (const [key, part] of Object.entries(change["~"] ?? {})) whole.set(key, apply(old[key], part));
  return Object.fromEntries(whole);
}
