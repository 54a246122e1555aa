/* Saves what the page shows: the data, each table, each chart. */
"use strict";
(() => {
  const save = (parts, type, name) => {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob(parts, { type }));
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
  };
  /* A cell that a spreadsheet would run as a formula gets a leading quote. */
  const csvCell = (text) => {
    const harmless = /^-([0-9]+([.][0-9]+)?( ?%)?)?$/.test(text);  /* a dash, a negative number */
    const safe = !harmless && /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = (table) => {
    const links = [...table.tBodies[0].rows].some((row) => row.querySelector("a"));
    const rows = [...table.rows].map((row, number) => {
      const cells = [...row.cells].map((cell) => cell.textContent.trim());
      if (links) cells.push(number ? [...row.querySelectorAll("a")].map((a) => a.href).join(" ") : "links");
      return cells.map(csvCell).join(",");
    });
    return `${rows.join("\r\n")}\r\n`;
  };
  const savers = {
    print: () => window.print(),
    json: () => save([document.getElementById("report-data").textContent], "application/json", "spillover.json"),
    csv: (button) => save(["\ufeff", csv(document.getElementById(button.dataset.table))], "text/csv", `${button.dataset.name}.csv`),
    svg: (button) => {
      const drawing = button.closest("figure").querySelector("svg");
      save([new XMLSerializer().serializeToString(drawing)], "image/svg+xml", `${button.dataset.name}.svg`);
    },
  };
  for (const button of document.querySelectorAll("button[data-save]")) {
    button.addEventListener("click", () => savers[button.dataset.save](button));
  }
  if (!document.getElementById("net-data")) document.body.dataset.ready = "1";
})();
