import { plainText } from '../plain-text.js';
import { formatCount } from '../units.js';

/** How a contestant is called where one line must do: `sse, broadcast, 1,000 clients`. Printable, not yet escaped. */
export function contestantName(contestant: {
  readonly scenario: string;
  readonly workload: string;
  readonly clients: number;
}): string {
  const { scenario, workload, clients } = contestant;
  const people = `${formatCount(clients)} ${clients === 1 ? 'client' : 'clients'}`;
  return `${plainText(scenario, 80)}, ${plainText(workload, 80)}, ${people}`;
}
