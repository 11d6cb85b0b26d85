// Says how many entries came since the page was made. The page works without it.
"use strict";
(() => {
  const note = document.getElementById("live-note");
  if (!note || !("EventSource" in window)) return;
  const seen = new Set();
  let alerts = 0;
  const stream = new EventSource(note.dataset.stream);
  const show = () => {
    const parts = [];
    if (seen.size) parts.push(`${seen.size} new or changed`);
    if (alerts) parts.push(alerts === 1 ? "1 alert" : `${alerts} alerts`);
    note.querySelector("a").textContent = `${parts.join(", ")} – show`;
    note.hidden = false;
    document.title = `(${seen.size + alerts}) ${document.title.replace(/^\(\d+\) /, "")}`;
  };
  stream.addEventListener("event", (message) => {
    seen.add(JSON.parse(message.data).event.id);
    show();
  });
  stream.addEventListener("alert", () => {
    alerts += 1;
    show();
  });
  window.addEventListener("pagehide", () => stream.close());
})();
