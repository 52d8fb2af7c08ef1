// One figure.

const chart = document.getElementById("figure");
chart.setAttribute("aria-label", document.title);
whenColoursChange(() => draw(chart, data.figure));
