'use strict';
const search = document.querySelector('input');
const changes = [...document.querySelectorAll('details[data-effect]')];
const texts = changes.map((change) => change.textContent.toLowerCase());
const chips = [...document.querySelectorAll('button[data-effect]')];
const count = document.querySelector('#count');
function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const off = new Set(
    chips.filter((chip) => chip.getAttribute('aria-pressed') === 'false').map((chip) => chip.dataset.effect),
  );
  let shown = 0;
  changes.forEach((change, index) => {
    change.hidden =
      off.has(change.dataset.effect) || !words.every((word) => texts[index].includes(word));
    shown += change.hidden ? 0 : 1;
  });
  count.textContent = shown === changes.length ? '' : shown + ' of ' + changes.length + ' shown';
}
search.addEventListener('input', show);
chips.forEach((chip) =>
  chip.addEventListener('click', () => {
    chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') === 'false'));
    show();
  }),
);
document.querySelector('#open').addEventListener('click', () => {
  const visible = changes.filter((change) => !change.hidden);
  const open = !visible.every((change) => change.open);
  visible.forEach((change) => {
    change.open = open;
  });
});
