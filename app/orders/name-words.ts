/** A longer name is not searched by all its words. */
const MOST_WORDS = 8;

/**
 * The words of a person's name as they are searched for: without accents, in lower case, each once. "José-María Peña" and
 * "maria jose pena" have the same.
 */
export function nameWords(name: string): string[] {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđ]/g, (letter) => asTyped[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return [...new Set(words)].slice(0, MOST_WORDS);
}

// Letters that are one to Unicode, and that people without them on their keyboard type otherwise.
const asTyped: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd' };
