// Puts things into groups. (Map.groupBy is too new for some browsers that have everything else.)

/**
 * @template T, K
 * @param {T[]} things
 * @param {(thing: T) => K} keyOf
 * @returns {Map<K, T[]>}
 */
export function groupBy(things, keyOf) {
  const groups = new Map();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return groups;
}
