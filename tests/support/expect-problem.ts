import { expect } from '@jest/globals';
import type { Response } from 'supertest';

/** Asserts an error reply; `pointers` are exactly the places it must find wrong. */
export function expectProblem(response: Response, status: number, code: string, pointers?: string[]): void {
  expect({ status: response.status, code: response.body.error_code, detail: response.body.detail }).toEqual({
    status,
    code,
    detail: expect.any(String),
  });
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(response.body.request_id).toBe(response.headers['x-request-id']);
  if (!pointers) return;
  const found = response.body.errors?.map(({ pointer }: { pointer: string }) => pointer);
  expect(found).toEqual(pointers);
}
