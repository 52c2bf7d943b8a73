import { runHost } from './host-process.js';
import { servers } from './registry.js';

runHost(servers);
