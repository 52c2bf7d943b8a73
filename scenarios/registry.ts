import type { Scenario } from './contract.js';
import { iframe } from './iframe.js';
import { longpoll } from './longpoll.js';
import { polling } from './polling.js';
import { sse } from './sse.js';
import { websocket } from './websocket.js';

/** Every transport, in the order of tables and colours. Command-line choices, plan, charts and docs follow from it. */
export const scenarios = { polling, longpoll, iframe, sse, websocket } as const satisfies Record<
  string,
  Scenario
>;

export type ScenarioId = keyof typeof scenarios;

/** What `--scenario all` means, now and when the registry has grown. */
export const ALL_SCENARIOS: readonly ScenarioId[] = ['polling', 'longpoll', 'iframe', 'sse', 'websocket'];
