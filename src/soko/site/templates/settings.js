'use strict';
(() => {
  const root = document.documentElement;
  const names = ['size', 'colours', 'spacing', 'font', 'pictures'];
  const key = 'soko-sight';
  let chosen = {};
  try { chosen = JSON.parse(localStorage.getItem(key)) || {}; } catch { chosen = {}; }
  const apply = () => {
    for (const name of names) {
      if (chosen[name]) root.dataset[name] = chosen[name]; else delete root.dataset[name];
    }
  };
  const keep = () => { try { localStorage.setItem(key, JSON.stringify(chosen)); } catch { /* a folder, private mode */ } };
  apply();

  const pictures = () => {
    const off = chosen.pictures === 'off';
    for (const picture of document.querySelectorAll('.drawing svg[aria-label]')) {
      let words = picture.nextElementSibling;
      if (off && !words) {
        words = document.createElement('p');
        words.className = 'in-words';
        words.textContent = 'Рисунок: ' + picture.getAttribute('aria-label');
        picture.after(words);
      }
      if (words) words.hidden = !off;
    }
  };

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('sight');
    const panel = document.getElementById('sight-panel');
    const mark = () => {
      for (const input of panel.querySelectorAll('input')) input.checked = (chosen[input.name] || '') === input.value;
    };
    const open = (wanted) => { panel.hidden = !wanted; button.setAttribute('aria-expanded', String(wanted)); };
    button.hidden = false;
    mark();
    pictures();
    button.addEventListener('click', () => open(panel.hidden));
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { open(false); button.focus(); }
    });
    panel.addEventListener('change', (event) => {
      chosen[event.target.name] = event.target.value;
      apply(); keep(); pictures();
    });
    document.getElementById('usual').addEventListener('click', () => {
      chosen = {};
      apply(); keep(); mark(); pictures(); open(false); button.focus();
    });
    let closed = [];
    addEventListener('beforeprint', () => {
      closed = [...document.querySelectorAll('details:not([open])')];
      for (const part of closed) part.open = true;
    });
    addEventListener('afterprint', () => { for (const part of closed) part.open = false; });
    const show = () => {
      const part = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const folded = part && part.closest('details');
      if (folded && !folded.open) { folded.open = true; part.scrollIntoView(); }
    };
    addEventListener('hashchange', show);
    show();
  });
})();
