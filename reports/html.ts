import { beliefSection } from './html/belief.js';
import { bytesSection } from './html/bytes.js';
import { handlersSection, proxySection } from './html/conditions.js';
import { headline } from './html/headline.js';
import { latencySection } from './html/latency.js';
import { type PageAssets, pageFrame, readPageAssets } from './html/page-frame.js';
import { portsSection } from './html/ports.js';
import { repeatSection } from './html/repeat.js';
import { reportOf } from './html/report.js';
import { cpuSection, memorySection } from './html/resources.js';
import { restartsSection } from './html/restarts.js';
import { sideCrowdSection } from './html/side-crowd.js';
import { throughputSection } from './html/throughput.js';
import { wrongSection } from './html/wrong.js';
import type { Result } from './result.js';

/**
 * The report as one self-contained page: it loads nothing, runs only the script whose hash its policy names, and holds
 * every number as text, so that it can be read without the script. Texts of the result are escaped.
 *
 * @param assets the built ones when left out
 */
export function renderHtml(result: Result, assets: PageAssets = readPageAssets()): string {
  const report = reportOf(result);
  const body = [
    headline(report),
    latencySection(report),
    bytesSection(report),
    memorySection(report),
    cpuSection(report),
    throughputSection(report),
    proxySection(report),
    handlersSection(report),
    restartsSection(report),
    sideCrowdSection(report),
    portsSection(report),
    wrongSection(report),
    beliefSection(report),
    repeatSection(report),
  ];
  return pageFrame(report.view.question, body, report.charts, assets);
}
