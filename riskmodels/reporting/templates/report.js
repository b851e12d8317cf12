(() => {
  const table = document.querySelector("table.verdicts");
  if (table) {
    const body = table.tBodies[0], original = [...body.rows];
    const number = (row, key) => (row.dataset[key] === "" ? -Infinity : Number(row.dataset[key]));
    table.querySelectorAll("th[data-sort]").forEach((head) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const next = { none: "descending", descending: "ascending", ascending: "none" }[head.ariaSort || "none"];
        table.querySelectorAll("th[data-sort]").forEach((other) => (other.ariaSort = "none"));
        head.ariaSort = next;
        const key = head.dataset.sort, sign = (next === "ascending" ? 1 : -1) * (key === "rank" ? -1 : 1);
        const rows = [...original];
        if (next !== "none") rows.sort((a, b) => sign * (number(a, key) - number(b, key)) || 0);
        table.classList.toggle("sorted", next !== "none");
        body.append(...rows);
      });
    });
  }
  const links = [...document.querySelectorAll(".contents a")];
  const sections = links.map((link) => document.getElementById(link.hash.slice(1)));
  const mark = () => {
    let current = 0;
    sections.forEach((section, i) => { if (section.getBoundingClientRect().top < 120) current = i; });
    links.forEach((link, i) => link.classList.toggle("here", i === current));
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
})();
