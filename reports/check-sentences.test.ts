import { describe, expect, it } from 'vitest';
import { checkSentences } from './check-sentences.js';
import { sampleResult } from './testing/sample-result.js';

const ready = { check: 'ready', ok: true, sentence: 'It became ready.' };

describe('what was seen of targets before their trials', () => {
  it('is told of those that do not do everything, by their titles', () => {
    const result = sampleResult();
    result.scenarioInfo = [{ id: 'chat', title: 'My \u001b[31mchat', family: 'socket' }];
    result.targets = [
      {
        name: 'chat',
        checks: [
          ready,
          { check: 'once', ok: false, sentence: '3 messages came more than once.' },
          { check: 'resumes', ok: null, sentence: 'Nobody\u202e could tell.' },
        ],
      },
      { name: 'feed', checks: [ready] },
    ];
    expect(checkSentences(result)).toEqual([
      'My chat, before its trials, passed 1 of 3 checks. 3 messages came more than once. Nobody could tell.',
    ]);
  });

  it('is nothing without targets', () => {
    expect(checkSentences(sampleResult())).toEqual([]);
  });
});
