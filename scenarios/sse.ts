import type { ClientContext, Scenario } from './contract.js';
import { EventSourceClient } from './wire/event-source-client.js';

export const sse: Scenario = {
  id: 'sse',
  title: 'Server-sent events',
  family: 'streaming',
  description: 'An event stream; after a drop the client sends the last id it saw and gets what it missed.',
  asks: false,
  waitsForInterval: false,
  resumes: true,
  createClient: (context: ClientContext, index: number) => new EventSourceClient(context, index),
};
