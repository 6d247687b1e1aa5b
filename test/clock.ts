/**
 * Lets time pass at once, for everything in this process: the app, its embedded database and the sandbox. The clock
 * goes on from there. Timers that run already are not shortened.
 */
export function passTime({ minutes }: { minutes: number }): void {
  shiftMs += minutes * 60_000;
  globalThis.Date = shifted;
}

let shiftMs = 0;
const RealDate = Date;
const now = () => RealDate.now() + shiftMs;
// A proxy and no subclass: dates that were made before remain instances of it.
const shifted = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    args.length === 0 ? new target(now()) : (Reflect.construct(target, args, newTarget) as Date),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
