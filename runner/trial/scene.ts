import type { Reason } from '../../reports/result.js';
import type { Scenario } from '../../scenarios/contract.js';
import type { Contender } from '../contender.js';
import { contenderOf, scenarioOf } from '../contenders.js';
import { drainLimitMs } from '../measure/drain.js';
import { type Patience, patienceOf } from '../patience.js';
import { mainClients } from '../side-crowd/crowd-of.js';
import { Crew } from './crew.js';
import { Interrupted } from './failure.js';
import type { TrialSetting } from './setting.js';

/** What the steps of one trial share. */
export class Scene {
  /** What came to pass, in order. */
  readonly reasons: Reason[] = [];
  readonly contender: Contender;
  readonly scenario: Scenario;
  readonly patience: Patience;
  /** How long the last messages of a phase may take to arrive, milliseconds. */
  readonly drainMs: number;
  /** Those whose deliveries count. */
  readonly clients: number;
  readonly crew: Crew;
  /** Resolves when the run is to stop. */
  readonly stopAsked: Promise<void>;
  readonly #atEnd: (() => unknown)[] = [];
  #isStopped = false;

  constructor(readonly setting: TrialSetting) {
    const { plan, contestant } = setting;
    this.contender = contenderOf(plan, contestant.scenario)!;
    this.scenario = scenarioOf(plan, contestant.scenario)!;
    this.patience = patienceOf(plan, contestant);
    this.drainMs = drainLimitMs(this.scenario, plan.pollIntervalMs) + this.patience.extraDrainMs;
    this.clients = mainClients(plan, contestant.clients);
    this.crew = new Crew(setting);
    let ask = (): void => {};
    this.stopAsked = new Promise((resolve) => {
      ask = resolve;
    });
    this.atEnd(setting.interrupt.onRequest(() => ask()));
  }

  /** @throws Interrupted when the run is to stop */
  leaveIfAsked(): void {
    if (this.setting.interrupt.requested !== null) throw new Interrupted();
  }

  /**
   * What has to be done whatever becomes of the trial; may be done twice. At once when the trial is over: a step may still have
   * been under way when a child died.
   */
  atEnd(work: () => unknown): void {
    if (this.#isStopped) void work();
    else this.#atEnd.push(work);
  }

  /** Ends every child, whatever became of the trial. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.crew.enter('stopping');
    await Promise.all([this.crew.stop(), ...this.#atEnd.map((work) => work())]);
  }
}
