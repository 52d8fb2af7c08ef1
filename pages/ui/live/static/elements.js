// A list that is renewed many times a second: elements stay, and only what has changed is written.

// As many children as asked for, made where they are missing.
export function fill(list, count, make) {
  while (list.children.length > count) list.lastChild.remove();
  while (list.children.length < count) list.append(make());
}

export function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
