// Shows in the foot of the page what the server has told about it: its time and its statements.
// Without JavaScript, or where a browser keeps the figures to itself, nothing is missing.
const [page] = performance.getEntriesByType("navigation");
const told = Object.fromEntries((page?.serverTiming ?? []).map((one) => [one.name, one]));
const bar = document.getElementById("devbar");
if (bar && told.app && told.db) {
  const count = Number.parseInt(told.db.description, 10);
  const statements = count === 1 ? "1 statement" : `${count} statements`;
  const ms = (one) => `${one.duration < 10 ? one.duration.toFixed(1) : Math.round(one.duration)} ms`;
  bar.textContent = `This page: ${ms(told.app)} on the server, ${statements} in ${ms(told.db)}`;
  bar.dataset.serverMs = told.app.duration;
  bar.dataset.statements = count;
  bar.hidden = false;
}
