/**
 * What the browser tests ask a page. These run inside the page: each is sent as its own text, so none may use anything
 * from outside itself.
 */

/** Makes every refusal of the content security policy heard on the console. */
export function tellRefusals() {
  addEventListener('securitypolicyviolation', (event) => {
    console.error(`refused ${event.violatedDirective} ${event.blockedURI}`);
  });
}

/**
 * The pictures of all canvases, and the labels of those with next to nothing on them.
 *
 * @returns {{ pictures: string[], blank: string[] }}
 */
export function readCanvases() {
  const canvases = [...document.querySelectorAll('canvas')];
  const blank = canvases.filter((canvas) => {
    const copy = document.createElement('canvas');
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, copy.width, copy.height).data.buffer);
    return new Set(pixels).size < 5;
  });
  return {
    pictures: canvases.map((canvas) => canvas.toDataURL()),
    blank: blank.map((canvas) => canvas.getAttribute('aria-label') ?? ''),
  };
}

/**
 * Labels of the canvases that have no table with numbers beside them.
 *
 * @returns {string[]}
 */
export function canvasesWithoutTable() {
  return [...document.querySelectorAll('canvas')]
    .filter((canvas) => !canvas.closest('figure')?.querySelector('details table tbody tr td'))
    .map((canvas) => canvas.getAttribute('aria-label') ?? '');
}

/**
 * Pixels by which the page is wider than its window.
 *
 * @returns {number}
 */
export function overflow() {
  return document.documentElement.scrollWidth - window.innerWidth;
}

export function openTables() {
  for (const details of document.querySelectorAll('details')) details.open = true;
}

/** @returns {string} */
export function ground() {
  return getComputedStyle(document.body).backgroundColor;
}

/** @returns {{ closed: number, ground: string, isCommandWhole: boolean }} */
export function lookOnPaper() {
  const command = document.querySelector('pre');
  return {
    closed: document.querySelectorAll('details:not([open])').length,
    ground: getComputedStyle(document.body).backgroundColor,
    isCommandWhole: command.scrollWidth <= command.clientWidth,
  };
}

/** @param {string} name */
export function dispatch(name) {
  window.dispatchEvent(new Event(name));
}

/**
 * Texts whose contrast with the ground they stand on is below 4.5, by the formula of WCAG 2.
 *
 * @returns {{ contrast: number, text: string }[]}
 */
export function faintTexts() {
  const luminance = (colour) => {
    const [red, green, blue] = colour
      .match(/\d+(?:\.\d+)?/gu)
      .slice(0, 3)
      .map((part) => {
        const value = Number(part) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behindOf = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    const isClear = backgroundColor === 'rgba(0, 0, 0, 0)' && element.parentElement;
    return isClear ? behindOf(element.parentElement) : luminance(backgroundColor);
  };
  return [
    ...document.querySelectorAll('h1,h2,h3,p,th,td,caption,summary,button,li,strong,pre,span,dt,dd,legend'),
  ]
    .filter((element) => element.textContent?.trim())
    .map((element) => {
      const own = luminance(getComputedStyle(element).color);
      const behind = behindOf(element);
      const contrast = (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05);
      return { contrast, text: element.textContent.slice(0, 40) };
    })
    .filter(({ contrast }) => contrast < 4.5);
}

/** How often each element is in an XML document, by the browser's own parser; what it finds wrong is an element, too. */
export function countElements(xml) {
  const counts = {};
  for (const { nodeName } of new DOMParser().parseFromString(xml, 'application/xml').querySelectorAll('*')) {
    counts[nodeName] = (counts[nodeName] ?? 0) + 1;
  }
  return counts;
}
