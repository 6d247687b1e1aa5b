// Loaded into the app's process before the app (`node --import`): its clock is as far ahead as the sandbox's.
import { passTime } from '../clock.ts';

passTime({ minutes: Number(process.env['CLOCK_AHEAD_MINUTES'] ?? 0) });
