import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a path stands behind in an argument or a list of paths: nothing, `--name=`, `NODE_PATH=a:`, a quote, `-I`. */
const BEFORE = '(?<=^|[=:,;\'"`\\s(<>&|{[]|^-[A-Za-z])';
/** What ends the last part of a path. */
const AFTER = '(?=$|[/:,;\'"`\\s)<>&|}\\]?#])';

/** A folder or file from the top of the repository that holds it; null outside. */
export function pathInside(root: string, path: string): string | null {
  const inside = relative(real(root), real(path));
  return inside === '..' || inside.startsWith('../') || isAbsolute(inside) ? null : inside;
}

/**
 * A word of a command, or a variable's value, for another tree: every absolute path in the repository, and every file
 * URL, is the same one in the tree. Without this a program that is named by its whole path would be the user's checkout,
 * whatever the commit.
 */
export function wordInTree(word: string, root: string, tree: string): string {
  let moved = word;
  const treeUrl = pathToFileURL(tree).href;
  for (const [from, to] of [
    [pathToFileURL(root).href, treeUrl],
    [`file://${root}`, treeUrl],
    [root, tree],
  ] as const) {
    moved = moved.replace(new RegExp(BEFORE + literal(from) + AFTER, 'gu'), () => to);
  }
  if (moved !== word) return moved;
  // By another way to the same folder: a link.
  const at = isAbsolute(word) ? 0 : word.indexOf('=') + 1;
  const path = word.slice(at);
  if (!isAbsolute(path)) return word;
  const inside = pathInside(root, path);
  return inside === null ? word : `${word.slice(0, at)}${join(tree, inside)}`;
}

/** A text that a pattern finds as it is. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

/** Without links; as it is where there is nothing: it may be in a commit only. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
