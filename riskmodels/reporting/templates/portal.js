(() => {
  const { runs, words } = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filter"), button = document.getElementById("compare");
  const rows = [...document.querySelectorAll(".runs tr[data-run]")];
  const section = document.getElementById("comparison");
  const lights = [...document.getElementById("lights").content.children];
  const fill = (text, told) => text.replace(/\{(\w+)\}/g, (_, key) => told[key]);
  const picked = () => rows.filter((row) => row.querySelector(".pick input").checked);

  const filter = () => {
    // A date half typed asks for nothing yet.
    const asked = new FormData(form), day = (name) => /^\d{4}-\d\d-\d\d$/.test(asked.get(name)) && asked.get(name);
    const verdicts = asked.getAll("verdict");
    rows.forEach((row) => {
      const { report, subject, date, verdict } = row.dataset;
      row.hidden = !((!asked.get("report") || asked.get("report") === report)
        && (!asked.get("subject") || asked.get("subject") === subject)
        && (!day("from") || day("from") <= date)
        && (!day("to") || date <= day("to"))
        && (!verdicts.length || verdicts.includes(verdict)));
    });
  };

  const sign = (value, decimals) => {
    const text = value.toFixed(decimals);
    return Number(text) === 0 ? text.replace("-", "") : (value > 0 ? "+" : "") + text.replace("-", "\u2212");
  };
  const change = (now, before, unit) => {
    if (now === null || before === null) return "\u2014";
    if (unit === "share" || unit === "rate") return sign((now - before) * 100, unit === "rate" ? 2 : 1) + "\u00a0" + words.pp;
    if ((unit === "money" || unit === "count") && before) return sign((now / before - 1) * 100, 1) + "%";
    return sign(now - before, { score: 3, p: 3, index: 3, days: 1, count: 0 }[unit] ?? 2);
  };
  const light = (verdict) => lights.find((each) => each.classList.contains(verdict)).cloneNode(true);
  const cell = (row, content, css) => {
    const td = row.insertCell();
    td.className = css;
    td.append(content);
  };
  const line = (body, now, before) => {
    const row = body.insertRow();
    cell(row, now.title, "t");
    cell(row, now.formatted, "n");
    cell(row, before ? before.formatted : "\u2014", "n quiet");
    cell(row, before ? change(now.value, before.value, now.unit) : "\u2014", "n");
    cell(row, before ? light(before.verdict) : words.left, "t");
    cell(row, before && before.verdict !== now.verdict ? "\u2192" : "", "t quiet");
    cell(row, light(now.verdict), "t");
  };

  const pick = () => {
    const chosen = picked();
    rows.forEach((row) => row.classList.toggle("picked", chosen.includes(row)));
    document.getElementById("chosen").textContent = fill(words.chosen, { n: chosen.length });
    button.disabled = chosen.length !== 2;
    if (chosen.length !== 2) section.hidden = true;
  };
  const compare = () => {
    const [now, before] = picked().map((row) => runs[row.dataset.run]);
    const old = new Map(before.checks.map((check) => [check.name, check]));
    const order = ["breach", "watch", "no_evidence", "within", "not_run"];
    const moved = (check) => !old.has(check.name) || old.get(check.name).verdict !== check.verdict;
    const checks = [...now.checks].sort((a, b) => moved(b) - moved(a) || order.indexOf(a.verdict) - order.indexOf(b.verdict));
    const body = section.querySelector("tbody");
    body.replaceChildren();
    checks.forEach((check) => line(body, check, old.get(check.name)));
    section.querySelector(".new").textContent = now.as_of;
    section.querySelector(".old").textContent = before.as_of;
    section.querySelector(".sub").textContent = fill(words.title,
      { report: now.name, new: now.as_of, old: before.as_of, changed: checks.filter(moved).length, all: checks.length });
    section.hidden = false;
    section.scrollIntoView({ block: "nearest" });
  };

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  rows.forEach((row) => row.querySelector(".pick input").addEventListener("change", pick));
  button.addEventListener("click", compare);
  filter();
  pick();
})();
