import { runHost } from '../../servers/host-process.js';
import { witnesses } from './registry.js';

runHost(witnesses);
