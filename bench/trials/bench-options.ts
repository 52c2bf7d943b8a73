import { scenarioOf } from '../../runner/contenders.js';
import type { Plan } from '../../runner/plan.js';
import { workloadArguments } from '../../runner/workloads/workload-options.js';

/** The options of `npm run bench` for a plan, without those at their defaults. */
export function optionsOf(plan: Plan): string {
  const polls = plan.scenarios.some((id) => scenarioOf(plan, id)?.waitsForInterval);
  const options = [
    `--scenario ${plan.scenarios.join(',')}`,
    ...(plan.workload === 'broadcast' ? [] : [`--workload ${plan.workload}`, ...workloadArguments(plan)]),
    `--clients ${plan.clients.join(',')}`,
    ...(plan.workload === 'idle' ? [] : [`--rate ${short(plan.ratePerSecond)}`]),
    ...(plan.arrivals === 'constant' ? ['--arrivals constant'] : []),
    ...(plan.payloadBytes === 10 ? [] : [`--payload ${plan.payloadBytes}`]),
    ...(plan.content === undefined || plan.content === 'text' ? [] : [`--content ${plan.content}`]),
    `--duration ${short(plan.durationSeconds)}`,
    `--warmup ${short(plan.warmupSeconds)}`,
    ...(polls ? [`--poll-interval ${plan.pollIntervalMs}`] : []),
    ...(plan.headers === 'minimal' ? [] : [`--headers ${plan.headers}`]),
    ...(plan.cookieBytes ? [`--cookie ${plan.cookieBytes}`] : []),
    ...(plan.proxy ? [`--proxy ${plan.proxy}`] : []),
    ...(plan.handlers ? [`--handler-delay ${plan.handlers.delayMs} --handlers ${plan.handlers.count}`] : []),
    ...(plan.rttMs === 0 ? [] : [`--rtt ${plan.rttMs}`]),
    `--trials 1 --seed ${plan.seed}`,
  ];
  return options.join(' ');
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
