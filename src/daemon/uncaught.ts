// The end of a process by an exception that nobody caught. Node would print its text, and write a report with the environment and the
// stack where one is asked for; neither may happen (docs/threat-model.md).

/** @param tell says it in words that hold nothing of the exception's text */
export function endUncaught(tell: (error: unknown) => void, exitCode: number): void {
  process.on('uncaughtException', (error) => {
    tell(error);
    process.exit(exitCode);
  });
  Object.assign(process.report, { reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false });
}
