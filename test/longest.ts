import type { Reporter, TestModule } from 'vitest/node';

/** Tells at the end of a run which files took longest, in seconds: where to look when the suite grows slow. */
export class Longest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const longest = modules
      .map((module) => ({ module, seconds: module.diagnostic().duration / 1000 }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 12)
      .filter(({ seconds }) => seconds > 5);
    for (const { module, seconds } of longest)
      console.log(`${seconds.toFixed(0).padStart(4)} s  ${module.project.name}  ${module.relativeModuleId}`);
  }
}
