import { dueCosts, followCosts } from './follow-costs.server.ts';
import { dueWithdrawn, followWithdrawn } from './withdrawn.server.ts';

/** What a shop's products must follow: each looks at the tables, and is harmless when lost or done twice. */
const followers: { follow: (shopId: string) => Promise<void>; due: () => Promise<string[]> }[] = [
  { follow: followWithdrawn, due: dueWithdrawn },
  { follow: followCosts, due: dueCosts },
];

/** The job: lets a shop's products follow what changed in its catalogue. */
export async function followCatalogue(shopId: string): Promise<void> {
  for (const { follow } of followers) await follow(shopId);
}

/** Shops with something left to follow. */
export async function dueFollowing(): Promise<string[]> {
  const found = await Promise.all(followers.map(({ due }) => due()));
  return [...new Set(found.flat())];
}
