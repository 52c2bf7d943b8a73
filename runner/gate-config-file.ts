import { basename } from 'node:path';
import { DEFAULT_GATE, type GateConfig, readGateConfig } from '../reports/gate/gate-config.js';
import { ConfigFileError, loadConfigFile } from './config-file.js';
import { nearest } from './options/suggest.js';

/**
 * The `gate` key of a configuration file; the default rules without a file, and for one without that key. Its other keys
 * belong to other commands.
 */
export async function loadGateConfig(path: string | undefined): Promise<GateConfig> {
  if (path === undefined) return DEFAULT_GATE;
  let content: Record<string, unknown>;
  try {
    content = await loadConfigFile(path);
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    return { ...DEFAULT_GATE, mistakes: [error.message] };
  }
  return content.gate === undefined ? DEFAULT_GATE : readGateConfig(content.gate, basename(path), nearest);
}
