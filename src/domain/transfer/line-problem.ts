/** What is wrong with a line of a file of tasks; whoever knows which line adds its number. */
export class LineProblem extends Error {
  override readonly name = 'LineProblem';
}
