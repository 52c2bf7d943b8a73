import type { Contestant } from './contestant.js';
import type { Figure } from './figures.js';
import { WORDS } from './words.js';

const STATES: Readonly<Record<Contestant['state'], string>> = {
  connecting: 'connecting',
  live: 'live',
  away: 'server away',
};

/** The part of the page that shows one transport. */
export interface Card {
  readonly canvas: HTMLCanvasElement;
  showFigures(figures: Readonly<Record<string, Figure>>): void;
  showState(state: Contestant['state'], back: string): void;
}

/** Puts a card into the page. @param index of the transport's colour */
export function addCard(
  list: HTMLElement,
  { id, title }: { readonly id: Contestant['id']; readonly title: string },
  index: number,
  pollIntervalMs: number,
): Card {
  const template = document.querySelector<HTMLTemplateElement>('#card')!;
  const card = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
  const part = (selector: string): HTMLElement => card.querySelector<HTMLElement>(selector)!;
  card.dataset.transport = id;
  card.setAttribute('aria-labelledby', `title-${id}`);
  part('.swatch').classList.add(`series-${index}`);
  part('h2').id = `title-${id}`;
  part('h2').textContent = title;
  part('.how').textContent = WORDS[id].how(pollIntervalMs);
  const canvas = part('canvas') as HTMLCanvasElement;
  canvas.setAttribute(
    'aria-label',
    `${title}: messages of the last 12 seconds. The figures below say the same.`,
  );
  list.append(card);
  const figures = new Map(
    [...card.querySelectorAll<HTMLElement>('[data-figure]')].map((element) => [
      element.dataset.figure,
      element,
    ]),
  );
  return {
    canvas,
    showFigures(values) {
      for (const [name, { value, detail }] of Object.entries(values)) {
        const element = figures.get(name)!;
        write(element.querySelector('.value')!, value);
        write(element.querySelector('.detail')!, detail);
      }
    },
    showState(state, back) {
      card.dataset.state = state;
      write(part('.state'), STATES[state]);
      write(part('.back'), back);
    },
  };
}

/** Leaves an element alone that says so already. */
function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
