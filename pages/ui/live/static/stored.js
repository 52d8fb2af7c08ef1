// What the browser remembers for this page; some keep nothing.

export function readStored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function writeStored(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // then the next page begins as for somebody new
  }
}
