/**
 * The keys of what happens to an eSIM once (`EsimEvent.onceKey`): whoever hears of it first – a callback, a look at the
 * supplier – writes it, and the second report changes nothing.
 */
export const once = {
  installed: 'installed',
  used: 'used',
  attached: 'attached',
  deletionScheduled: 'deletion-scheduled',
  deleted: 'deleted',
  /** A bundle passed a share of its data; `bundleKey` is `EsimBundle.key`. */
  usage: (bundleKey: string, percent: number) => `usage ${bundleKey} ${String(percent)}`,
  /** Seen in another country; ISO 3166-1 alpha-2. Once a day: travellers go and come back. */
  country: (country: string, at: Date) => `country ${country} ${at.toISOString().slice(0, 10)}`,
  /** A line of the supplier's own history. */
  noted: (what: string, at: Date) => `noted ${at.toISOString()} ${what.slice(0, 60)}`,
};

/** The shares of a bundle's data that are told, in percent. */
export const usageMarks = [50, 80, 100] as const;
