import { element, escapeXml, label, widthOf } from './svg.js';

export const WIDTH = 760;
export const MARGIN = 20;
export const TITLE_SIZE = 16;
export const TEXT_SIZE = 13;
/** Where the drawing begins below the title. */
export const TOP = 64;

/**
 * Both themes, each with its own ground: the picture stays readable on a page of the other one. Colours as in reports:
 * Okabe and Ito's set, and tints of one hue for parts.
 */
const STYLE = `text{font:${TEXT_SIZE}px system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;fill:#1b1b1a}
.title{font-size:${TITLE_SIZE}px;font-weight:600}.soft{fill:#5c5c59}.ground{fill:#fff}.grid{stroke:#e4e4e0}.axis{stroke:#8a8a86}.mark{stroke:#1b1b1a;stroke-dasharray:4 3}
.polling,.polling-close{color:#d55e00}.longpoll{color:#e69f00}.iframe{color:#cc79a7}.sse{color:#009e73}.websocket{color:#0072b2}.other{color:#5c5c59}.part-0{color:#0d3a4a}.part-1{color:#4f93a8}
.bar{fill:currentColor}.line{fill:none;stroke:currentColor;stroke-width:2}.dot{fill:currentColor}
@media (prefers-color-scheme:dark){text{fill:#ecebe6}.soft{fill:#a9a8a2}.ground{fill:#161615}.grid{stroke:#30302e}.axis{stroke:#757570}.mark{stroke:#ecebe6}
.polling,.polling-close{color:#ff8a43}.longpoll{color:#ffc14d}.iframe{color:#e9a6cb}.sse{color:#3ccb9d}.websocket{color:#5caeea}.other{color:#a9a8a2}.part-0{color:#c9ecf7}.part-1{color:#5fa3b8}}`;

/** A whole picture with its ground and title. @param description all that it shows, for those who do not see it */
export function picture(
  title: string,
  description: string,
  height: number,
  content: readonly string[],
): string {
  const size = { width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${Math.round(height)}` };
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...size, role: 'img', 'aria-labelledby': 'title description' },
    '\n',
    element('title', { id: 'title' }, escapeXml(title)),
    element('desc', { id: 'description' }, escapeXml(description)),
    '\n',
    element('style', {}, STYLE),
    '\n',
    element('rect', { class: 'ground', width: WIDTH, height }),
    label(title, { class: 'title', x: MARGIN, y: 30 }),
    '\n',
    content.join('\n'),
    '\n',
  )}\n`;
}

/** Whether a title fits. */
export function titleFits(title: string): boolean {
  return widthOf(title, TITLE_SIZE) * 1.05 <= WIDTH - 2 * MARGIN;
}
