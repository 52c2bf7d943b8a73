/**
 * What the demo's tests ask its page. These run inside the page: each is sent as its own text, so none may use anything
 * from outside itself.
 */

/**
 * Whether this many transports have brought a message.
 *
 * @param {number} count
 */
export function hasTransports(count) {
  const last = [...document.querySelectorAll('[data-figure="last"] .value')];
  return last.length === count && last.every((element) => element.textContent.startsWith('No. '));
}

/**
 * The words of every card, by transport: figures by name, their details with "Detail" after it, state and return.
 *
 * @returns {Record<string, Record<string, string>>}
 */
export function readCards() {
  const text = (element, selector) => element.querySelector(selector).textContent.trim();
  return Object.fromEntries(
    [...document.querySelectorAll('[data-transport]')].map((card) => {
      const words = { state: text(card, '.state'), back: text(card, '.back') };
      for (const figure of card.querySelectorAll('[data-figure]')) {
        words[figure.dataset.figure] = text(figure, '.value');
        words[`${figure.dataset.figure}Detail`] = text(figure, '.detail');
      }
      return [card.dataset.transport, words];
    }),
  );
}

/**
 * How many different drawings a lane shows within a second and a half.
 *
 * @param {HTMLCanvasElement} canvas
 */
export async function countDrawings(canvas) {
  const seen = new Set();
  const untilMs = performance.now() + 1500;
  while (performance.now() < untilMs) {
    seen.add(canvas.toDataURL());
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return seen.size;
}
