import { z } from 'zod';
import { plainText } from '../plain-text.js';
import type { Direction, Rule } from './contract.js';
import { defaultRules, type Rulebook } from './default-rules.js';
import { isMetricPath, METRIC_PATHS } from './metric-path.js';

const DIRECTIONS = {
  lower: 'lower is better',
  higher: 'higher is better',
  both: 'both',
} as const satisfies Record<string, Direction>;

const directionSchema = z.enum(['lower is better', 'higher is better', 'both', 'lower', 'higher']);

const ruleSchema = z.strictObject({
  metric: z
    .string()
    .describe(
      'Dotted path of a number of the measurements, such as latencyUs.p50 or wire.exchange.hit.down.',
    ),
  level: z
    .enum(['exact', 'near', 'noisy'])
    .describe('exact: no change at all; near: five pairs or more; noisy: ten pairs or more.'),
  tolerance: z
    .number()
    .min(0)
    .max(1000)
    .optional()
    .describe('Percent of the base by which the metric may get worse; left out or 0 of exact.'),
  direction: directionSchema.optional().describe('What is better; lower when left out.'),
  required: z
    .boolean()
    .optional()
    .describe(
      'Whether the gate is inconclusive when this cannot be judged; of a comparison true when left out.',
    ),
});

/** The key `gate` of a configuration file. */
export const gateConfigSchema = z
  .strictObject({
    rules: z
      .array(ruleSchema)
      .max(500)
      .optional()
      .describe('Rules beside the default ones; one with the metric of a default rule replaces it.'),
    defaults: z.boolean().optional().describe('false leaves the default rules out.'),
    confidence: z
      .number()
      .min(0.5)
      .max(0.9999)
      .optional()
      .describe('Of the intervals of all metrics together; 0.99 when left out.'),
  })
  .describe('Rules of the gate, for "compare --gate" and "gate".');

type GivenRule = z.infer<typeof ruleSchema>;

/** What a file's `gate` key says, or what is wrong with it. */
export interface GateConfig {
  /** The rules for a gate of either kind. */
  rulesFor(of: 'comparison' | 'baseline'): Rulebook;
  /** One sentence each; with any, the rules are not to be used. */
  readonly mistakes: readonly string[];
}

/** No configuration: the default rules. */
export const DEFAULT_GATE: GateConfig = { rulesFor: defaultRules, mistakes: [] };

/**
 * Reads the `gate` key of a configuration file.
 * @param value as it stands in the file
 * @param file how sentences call the file
 * @param nearest the known word that a mistyped one is nearest to, if any
 */
export function readGateConfig(
  value: unknown,
  file: string,
  nearest: (word: string, known: readonly string[]) => string | null,
): GateConfig {
  const checked = gateConfigSchema.safeParse(value);
  if (!checked.success) {
    return { ...DEFAULT_GATE, mistakes: checked.error.issues.map((issue) => sentenceOf(issue, value, file)) };
  }
  const { rules = [], defaults = true, confidence } = checked.data;
  const mistakes: string[] = [];
  for (const [at, rule] of rules.entries()) {
    const place = `gate.rules[${at}] in ${file}`;
    if (!isMetricPath(rule.metric)) {
      const near = nearest(rule.metric, METRIC_PATHS);
      const help = near === null ? 'docs/metrics.md lists them.' : `Did you mean "${near}"?`;
      mistakes.push(`${place}: "${plainText(rule.metric, 80)}" is not a metric. ${help}`);
    }
    if (rule.level === 'exact' && rule.tolerance !== undefined && rule.tolerance !== 0) {
      mistakes.push(
        `${place}: tolerance ${rule.tolerance} does not go with level exact, which allows no change; use near or noisy.`,
      );
    }
    if (rule.level !== 'exact' && rule.tolerance === undefined) {
      mistakes.push(`${place}: level ${rule.level} needs a tolerance in percent, 0 to 1000.`);
    }
    if (rule.direction?.startsWith('higher') && (rule.tolerance ?? 0) >= 100) {
      mistakes.push(
        `${place}: tolerance ${rule.tolerance} of a metric where higher is better would allow any loss; it must be below 100.`,
      );
    }
    if (rules.findIndex((other) => other.metric === rule.metric) < at)
      mistakes.push(`${place}: "${plainText(rule.metric, 80)}" has a rule already.`);
  }
  return {
    mistakes,
    rulesFor: (of) => {
      const book = defaultRules(of);
      const own = rules.map((rule) => completed(rule, of));
      return {
        own,
        defaults: defaults
          ? book.defaults.filter(({ metric }) => !own.some((rule) => rule.metric === metric))
          : [],
        confidence: confidence ?? book.confidence,
      };
    },
  };
}

function completed(rule: GivenRule, of: 'comparison' | 'baseline'): Rule {
  const { metric, level, tolerance = 0, direction = 'lower', required } = rule;
  return {
    metric,
    level,
    tolerancePercent: tolerance,
    direction:
      direction in DIRECTIONS ? DIRECTIONS[direction as keyof typeof DIRECTIONS] : (direction as Direction),
    required: required ?? (of === 'comparison' && level !== 'exact'),
  };
}

function sentenceOf(issue: z.core.$ZodIssue, root: unknown, file: string): string {
  const place = ['gate', ...issue.path].reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
  const where = `${plainText(place, 120)} in ${file}`;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${where}: ${issue.keys.map((key) => `"${plainText(key, 40)}"`).join(', ')} ${issue.keys.length === 1 ? 'is' : 'are'} not known here. Known are ${knownKeys(issue.path)}.`;
    case 'invalid_value':
      return `${where}: ${shown(root, issue.path)} is not allowed. Allowed: ${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return `${where}: ${shown(root, issue.path)} is too small; it must be at least ${issue.minimum}.`;
    case 'too_big':
      return `${where}: ${shown(root, issue.path)} is too large; at most ${issue.maximum} is allowed.`;
    case 'invalid_type':
      return valueAt(root, issue.path) === undefined
        ? `${where} is missing.`
        : `${where}: ${shown(root, issue.path)} is no ${issue.expected}.`;
    default:
      return `${where}: ${plainText(issue.message, 120)}.`;
  }
}

function knownKeys(path: readonly PropertyKey[]): string {
  const shape = path.length === 0 ? gateConfigSchema.shape : ruleSchema.shape;
  return Object.keys(shape).join(', ');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    root,
  );
}

function shown(root: unknown, path: readonly PropertyKey[]): string {
  return plainText(JSON.stringify(valueAt(root, path)) ?? 'nothing', 60);
}
