/** What is asked of a request to write addresses that lead back to the app. */
export interface Mounted {
  /**
   * The path under which another Express app has mounted this one, such as `/jobs`. Empty where it has not, and absent ahead
   * of Express.
   */
  baseUrl?: string;
}
