/** How a server of the sandbox misbehaves, on purpose and by name. */
export interface Conducts {
  /** Every conduct the server knows, with one sentence that says what it does. */
  readonly known: Record<string, string>;

  /** Switches a conduct on; one that is on already starts afresh. Throws for a name the server does not know. */
  on(name: string, options?: ConductOptions): void;

  /** Switches a conduct off; no harm if it was off. Throws for a name the server does not know. */
  off(name: string): void;

  isOn(name: string): boolean;

  /** The names of the conducts that are on. */
  list(): string[];
}

export interface ConductOptions {
  /** Switch itself off after so many uses. Without it the conduct stays until it is switched off. */
  times?: number;
  /** For conducts that delay something: by how much. */
  seconds?: number;
  /** Strike only requests whose `METHOD /path` contains this text, such as `POST /orders`. */
  only?: string;
}

/** What the server itself sees of its conducts. */
export interface ServerConducts extends Conducts {
  /**
   * Whether the conduct is to be acted on now; uses up one of its `times`. The options it was switched on with,
   * or null. `request` is `METHOD /path`.
   */
  strike(name: string, request?: string): ConductOptions | null;
}

export function makeConducts(known: Record<string, string>): ServerConducts {
  const active = new Map<string, ConductOptions>();

  function requireKnown(name: string) {
    if (!Object.hasOwn(known, name)) {
      throw new Error(`unknown conduct "${name}"; known are: ${Object.keys(known).join(', ')}`);
    }
  }

  return {
    known,
    on(name, options = {}) {
      requireKnown(name);
      active.set(name, { ...options });
    },
    off(name) {
      requireKnown(name);
      active.delete(name);
    },
    isOn(name) {
      requireKnown(name);
      return active.has(name);
    },
    list() {
      return [...active.keys()];
    },
    strike(name, request) {
      requireKnown(name);
      const options = active.get(name);
      if (!options) return null;
      if (options.only && !request?.includes(options.only)) return null;
      if (options.times !== undefined) {
        options.times -= 1;
        if (options.times <= 0) active.delete(name);
      }
      return options;
    },
  };
}
