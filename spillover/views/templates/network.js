/* Shows the network model in #net-data. All text goes in through textContent. */
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const model = JSON.parse($("net-data").textContent);
  const entities = new Map(model.nodes.map((node) => [node.id, node]));
  const relations = new Map(model.edges.map((edge) => [edge.id, edge]));
  const subject = model.nodes.length ? model.nodes[model.subject].id : null;
  const shown = new Set(model.styles.map(([style]) => style));
  const state = { entity: null, relation: null, visible: new Set(entities.keys()) };
  const buttons = new Map();

  const el = (tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    return node;
  };
  const word = (status) => (model.statuses.find(([key]) => key === status) || ["", ""])[1];
  const name = (id) => entities.get(id).record.name;

  /* ---- canvas ---- */
  const plain = ({ record, ...look }) => look;
  const nodes = new vis.DataSet(model.nodes.map(plain));
  const edges = new vis.DataSet(model.edges.map(plain));
  const canvas = $("net-canvas");
  const network = new vis.Network(canvas, { nodes, edges }, model.options);
  const READABLE = 0.7;

  const start = () => {
    network.fit({ maxZoomLevel: 1 });
    if (subject && network.getScale() < READABLE) focus(subject);
  };
  const focus = (id) => {
    const scale = Math.max(network.getScale(), 0.9);
    network.moveTo({ position: network.getPosition(id), scale });
  };
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });

  /* ---- details ---- */
  const link = (address) => {
    let url;
    try { url = new URL(address); } catch { return el("span", address); }
    if (url.protocol !== "https:" && url.protocol !== "http:") return el("span", address);
    const anchor = el("a", url.host);
    anchor.href = url.href;
    anchor.title = address;
    anchor.rel = "noopener noreferrer";
    anchor.target = "_blank";
    return anchor;
  };
  const source = (record) =>
    record.url ? link(record.url) : el("span", record.address || "no address given");
  const chooser = (id, kind, text) => {
    const button = el("button", text, "net-choose");
    button.type = "button";
    button.addEventListener("click", () => choose(kind, id, true));
    return button;
  };
  const facts = (pairs) => {
    const list = el("dl");
    for (const [label, value] of pairs) {
      if (!value) continue;
      const cell = el("dd");
      cell.append(value);
      list.append(el("dt", label), cell);
    }
    return list;
  };
  const entityDetails = (id) => {
    const record = entities.get(id).record;
    const around = model.edges.filter((edge) => edge.from === id || edge.to === id);
    const list = el("ul");
    for (const edge of around) {
      const item = el("li");
      item.append(chooser(edge.id, "relation", `${name(edge.from)} → ${name(edge.to)}`), el("span", edge.record.share, "net-share"));
      list.append(item);
    }
    return [el("h4", record.name), facts([["Status", record.status ? word(record.status) : ""], ["Type", record.schema],
      ["Country", record.country], ["Note", record.note], ["Id", record.id]]),
      el("h4", `Relations here: ${around.length}`), list];
  };
  const relationDetails = (id) => {
    const edge = relations.get(id), record = edge.record;
    return [el("h4", `${name(edge.from)} → ${name(edge.to)}`), facts([
      ["Share or tie", record.share], ["Kind", record.kind], ["As of", record.date || "undated"], ["Age", record.age],
      ["Confidence", record.confidence], ["Stance", record.stance], ["Origin", record.origin],
      ["Source", source(record)], ["From", chooser(edge.from, "entity", name(edge.from))],
      ["To", chooser(edge.to, "entity", name(edge.to))]])];
  };

  /* ---- choosing ---- */
  const choose = (kind, id, move) => {
    state.entity = kind === "entity" ? id : null;
    state.relation = kind === "relation" ? id : null;
    const record = (kind === "entity" ? entities : relations).get(id).record;
    $("net-details").replaceChildren(...(kind === "entity" ? entityDetails(id) : relationDetails(id)));
    for (const [key, button] of buttons) {
      if (key === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    if (kind === "entity") network.selectNodes([id]);
    else network.setSelection({ nodes: [], edges: [id] }, { highlightEdges: false });
    if (move) focus(kind === "entity" ? id : relations.get(id).to);
    history.replaceState(null, "", `#${kind}=${encodeURIComponent(record.id)}`);
    if ($("net-hops").value) refresh();
  };
  const chooseFromAddress = () => {
    const [kind, value] = location.hash.slice(1).split("=");
    if (value === undefined || (kind !== "entity" && kind !== "relation")) return;
    let wanted;
    try { wanted = decodeURIComponent(value); } catch { return; }
    for (const [id, item] of kind === "entity" ? entities : relations) {
      if (item.record.id === wanted) { choose(kind, id, true); return; }
    }
  };

  /* ---- filters and counts ---- */
  const within = (hops) => {
    const near = new Set([state.entity || subject]);
    for (let hop = 0; hop < hops; hop += 1) {
      const border = new Set(near);
      for (const edge of model.edges) {
        if (!shown.has(edge.record.style)) continue;
        if (border.has(edge.from)) near.add(edge.to);
        if (border.has(edge.to)) near.add(edge.from);
      }
    }
    return near;
  };
  const refresh = () => {
    const hops = Number($("net-hops").value);
    const near = hops ? within(hops) : null;
    const live = model.edges.filter((edge) => shown.has(edge.record.style) &&
      (!near || (near.has(edge.from) && near.has(edge.to))));
    const all = shown.size === model.styles.length;
    const touched = new Set(live.flatMap((edge) => [edge.from, edge.to]));
    if (subject) touched.add(subject);
    state.visible = new Set(model.nodes.map((node) => node.id)
      .filter((id) => (near ? near.has(id) : all || touched.has(id))));
    const liveIds = new Set(live.map((edge) => edge.id));
    nodes.update(model.nodes.map((node) => ({ id: node.id, hidden: !state.visible.has(node.id) })));
    edges.update(model.edges.map((edge) => ({ id: edge.id, hidden: !liveIds.has(edge.id) })));
    for (const [id, button] of buttons) {
      button.closest("tr").hidden = !(state.visible.has(id) || liveIds.has(id));
    }
    legend(live);
  };
  const legend = (live) => {
    const list = $("net-legend");
    list.replaceChildren();
    const add = (key, text, count) => {
      const item = el("li");
      item.append(el("span", "", `net-key ${key}`), `${text}: `, el("b", String(count)));
      item.dataset.key = key;
      item.dataset.count = String(count);
      list.append(item);
    };
    const sum = (items) => items.reduce((total, item) => total + item.record.members, 0);
    for (const [style, text] of model.styles) {
      if (model.edges.some((edge) => edge.record.style === style)) {
        add(`style-${style}`, text, sum(live.filter((edge) => edge.record.style === style)));
      }
    }
    const visible = model.nodes.filter((node) => state.visible.has(node.id));
    for (const [status, text] of model.statuses) {
      if (model.nodes.some((node) => node.record.status === status)) {
        add(`status-${status || "none"}`, text, sum(visible.filter((node) => node.record.status === status)));
      }
    }
    const more = model.hidden ? ` +${model.hidden.toLocaleString("en")} more not drawn.` : "";
    $("net-count").textContent = `Arrows run from owner to owned. Shown: ${visible.length} of ${model.nodes.length} entities, ` +
      `${live.length} of ${model.edges.length} relations.${more}`;
  };
  const filters = () => {
    for (const [style, text] of model.styles) {
      if (!model.edges.some((edge) => edge.record.style === style)) continue;
      const label = el("label"), box = el("input");
      box.type = "checkbox";
      box.checked = true;
      box.value = style;
      box.addEventListener("change", () => {
        if (box.checked) shown.add(style); else shown.delete(style);
        refresh();
      });
      label.append(box, el("span", "", `net-key style-${style}`), text);
      $("net-styles").append(label);
    }
  };

  /* ---- lists ---- */
  const table = (place, caption, heads, rows) => {
    const grid = el("table"), head = el("tr"), top = el("thead"), body = el("tbody");
    grid.id = `${place.id}-table`;
    grid.append(el("caption", caption, "unseen"));
    for (const text of heads) {
      const cell = el("th", text);
      cell.scope = "col";
      head.append(cell);
    }
    top.append(head);
    for (const cells of rows) {
      const row = el("tr");
      for (const value of cells) {
        const cell = el("td", undefined, /^[\d-]{4,10}$/.test(value) ? "date" : "");
        cell.append(value);
        row.append(cell);
      }
      body.append(row);
    }
    grid.append(top, body);
    place.append(grid);
  };
  const listed = (id, kind, text) => {
    const button = chooser(id, kind, text);
    buttons.set(id, button);
    return button;
  };
  const lists = () => {
    table($("net-entities"), "Entities in the picture", ["Name", "Country", "Type", "Status"], model.nodes.map(({ id, record }) =>
      [listed(id, "entity", record.name), record.country, record.schema, record.status ? word(record.status) : ""]));
    table($("net-relations"), "Relations in the picture", ["From and to", "Style", "Share or tie", "As of", "Confidence", "Origin", "Source"],
      model.edges.map((edge) => [listed(edge.id, "relation", `${name(edge.from)} → ${name(edge.to)}`),
        edge.record.style, edge.record.share, edge.record.date, edge.record.confidence, edge.record.origin, source(edge.record)]));
    const options = new Set(model.nodes.map((node) => node.record.name));
    for (const text of options) {
      const option = el("option");
      option.value = text;
      $("net-names").append(option);
    }
  };
  const find = () => {
    const wanted = $("net-find").value.trim().toLowerCase();
    if (!wanted) return;
    const names = model.nodes.filter((node) => state.visible.has(node.id));
    const found = names.find((node) => node.record.name.toLowerCase() === wanted) ||
      names.find((node) => node.record.name.toLowerCase().includes(wanted));
    if (found) choose("entity", found.id, true);
    else $("net-details").replaceChildren(el("p", "Nothing shown here has that name."));
  };
  const savePng = () => {
    const from = canvas.querySelector("canvas"), copy = document.createElement("canvas");
    copy.width = from.width;
    copy.height = from.height;
    const pen = copy.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(from, 0, 0);
    copy.toBlob((blob) => {
      const anchor = el("a");
      anchor.href = URL.createObjectURL(blob);
      anchor.download = "network.png";
      anchor.click();
      URL.revokeObjectURL(anchor.href);
    });
  };

  network.on("click", ({ nodes: [node], edges: [edge] }) => {
    if (node) choose("entity", node, false);
    else if (edge) choose("relation", edge, false);
  });
  network.on("hoverNode", () => { canvas.classList.add("net-over"); });
  network.on("blurNode", () => { canvas.classList.remove("net-over"); });
  /* The wheel scrolls the page until the reader has stepped into the picture. */
  canvas.addEventListener("focusin", () => network.setOptions({ interaction: { zoomView: true } }));
  canvas.addEventListener("focusout", () => network.setOptions({ interaction: { zoomView: false } }));
  $("net-in").addEventListener("click", () => zoom(1.25));
  $("net-out").addEventListener("click", () => zoom(0.8));
  $("net-fit").addEventListener("click", () => network.fit());
  $("net-png").addEventListener("click", savePng);
  $("net-hops").addEventListener("change", refresh);
  $("net-find").addEventListener("change", find);
  $("net-find").addEventListener("keydown", (event) => { if (event.key === "Enter") find(); });
  window.addEventListener("hashchange", chooseFromAddress);
  network.once("afterDrawing", () => { document.body.dataset.ready = "1"; });
  filters();
  lists();
  legend(model.edges);
  start();
  chooseFromAddress();
})();
