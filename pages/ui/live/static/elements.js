// Making elements, and renewing them many times a second: they stay, and only what has changed is written.

// A part of the page that a screen reader can go to by its name.
export function region(tag, name, label, html) {
  const box = document.createElement(tag);
  box.className = name;
  box.setAttribute("aria-label", label);
  box.innerHTML = html;
  return box;
}

// As many children as asked for, made where they are missing.
export function fill(list, count, make) {
  while (list.children.length > count) list.lastChild.remove();
  while (list.children.length < count) list.append(make());
}

export function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
