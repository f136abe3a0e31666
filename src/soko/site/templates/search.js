'use strict';
(() => {
  const most = 30;
  const data = JSON.parse(document.getElementById('data').textContent);
  const form = document.getElementById('search');
  const field = document.getElementById('query');
  const told = document.getElementById('told');
  const list = document.getElementById('results');
  const normal = (text) => text.toLowerCase().replace(/ё/g, 'е');
  const pattern = /[0-9a-zа-я]+/g;
  const words = (text) => normal(text).match(pattern) || [];
  const empty = new Set(data.empty);
  const forms = new Map(); // a form of a word → the words that it is a form of
  let sections = null;

  const add = (form_, word) => { const known = forms.get(form_); if (known) known.push(word); else forms.set(form_, [word]); };

  const weigh = (counts, text, weight) => {
    for (const form_ of words(text)) {
      if (!forms.has(form_)) add(form_, '=' + form_);
      for (const word of forms.get(form_)) counts.set(word, (counts.get(word) || 0) + weight);
    }
  };

  const prepare = () => {
    const endings = data.endings.map((line) => line.split(' '));
    const numbered = (letters) => [...letters].reduce((sum, one) => 26 * sum + one.charCodeAt(0) - 97, 0);
    data.lemmas.forEach(([stem, code], at) => { for (const end of endings[numbered(code)]) add(stem + end, at); });
    sections = data.sections.map(([document_, anchor, heading, prose, cells]) => {
      const counts = new Map();
      const [title, period] = data.documents[document_];
      weigh(counts, heading, 5);
      weigh(counts, prose, 1);
      weigh(counts, cells, 0.5);
      const body = new Set(counts.keys());
      weigh(counts, title + ' ' + period, anchor ? 0.2 : 8);
      return { document_, anchor, heading, prose, cells, counts, body };
    });
  };

  // The words that a word of the query stands for: those that it is a form of, or that begin with it.
  const meant = (asked) => {
    const found = new Set(forms.get(asked) || []);
    if (!found.size && asked.length > 2) {
      for (const [form_, known] of forms) if (form_.startsWith(asked)) for (const word of known) found.add(word);
    }
    return found;
  };

  const search = (query) => {
    const asked = words(query).filter((word) => !empty.has(word));
    if (!asked.length) return null;
    const wanted = asked.map(meant);
    const found = [];
    sections.forEach((section, at) => {
      let sum = 0;
      let within = false;
      for (const word of wanted) {
        let best = 0;
        for (const one of word) {
          best = Math.max(best, section.counts.get(one) || 0);
          within = within || section.body.has(one);
        }
        if (!best) return;
        sum += Math.min(best, 12);
      }
      // what only the title of the document says is told once, by its beginning
      if (within || !section.anchor) found.push({ section, sum, at, wanted });
    });
    return found.sort((one, other) => other.sum - one.sum || one.at - other.at);
  };

  const hit = (word, wanted) => (forms.get(word) || []).some((one) => wanted.some((set) => set.has(one)));

  // The lines around the first word that was found, the words that were found marked.
  const around = (prose, wanted) => {
    const spots = [...normal(prose).matchAll(pattern)];
    const first = spots.find((spot) => hit(spot[0], wanted));
    const from = first ? Math.max(0, prose.lastIndexOf(' ', Math.max(0, first.index - 70)) + 1) : 0;
    const far = from + 220;
    const to = far >= prose.length ? prose.length : prose.lastIndexOf(' ', far);
    const line = document.createElement('p');
    if (from) line.append('… ');
    let done = from;
    for (const spot of spots) {
      const end = spot.index + spot[0].length;
      if (spot.index < from || end > to || !hit(spot[0], wanted)) continue;
      const mark = document.createElement('mark');
      mark.textContent = prose.slice(spot.index, end);
      line.append(prose.slice(done, spot.index), mark);
      done = end;
    }
    line.append(prose.slice(done, to));
    if (to < prose.length) line.append(' …');
    return line;
  };

  const inTable = (named) => {
    const line = document.createElement('p');
    line.append('В таблицах: ');
    named.slice(0, 8).forEach((word, at) => {
      const mark = document.createElement('mark');
      mark.textContent = word;
      line.append(at ? ', ' : '', mark);
    });
    return line;
  };

  const shown = ({ section, wanted }) => {
    const [title, period, href] = data.documents[section.document_];
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = href + (section.anchor ? '#' + section.anchor : '');
    link.textContent = section.heading || title;
    const where = document.createElement('p');
    where.className = 'where';
    where.textContent = section.heading ? title : period;
    item.append(link, where);
    const spoken = words(section.heading + ' ' + section.prose).some((word) => hit(word, wanted));
    const named = spoken ? [] : words(section.cells).filter((word) => hit(word, wanted));
    if (named.length) item.append(inTable(named));
    else if (section.prose) item.append(around(section.prose, wanted));
    return item;
  };

  const ending = (number, one, few, many) => {
    const last = number % 10;
    const teen = number % 100 > 10 && number % 100 < 20;
    return !teen && last === 1 ? one : !teen && last > 1 && last < 5 ? few : many;
  };

  const run = () => {
    if (!sections) prepare();
    const found = search(field.value);
    list.replaceChildren(...(found || []).slice(0, most).map(shown));
    if (!found) told.textContent = '';
    else if (!found.length) told.textContent = 'Ничего не найдено. Попробуйте другое слово или его начало.';
    else {
      const number = found.length;
      told.textContent = `${ending(number, 'Найден', 'Найдено', 'Найдено')} ${number} ${ending(number, 'раздел', 'раздела', 'разделов')}`
        + (number > most ? `, показаны первые ${most}.` : '.');
    }
  };

  let waiting = 0;
  field.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(run, 200); });
  form.addEventListener('submit', (event) => { event.preventDefault(); clearTimeout(waiting); run(); });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && field.value) { event.preventDefault(); field.value = ''; run(); }
  });
  form.hidden = false;
})();
