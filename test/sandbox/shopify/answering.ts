import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** An asynchronous handler whose failure reaches Express; version 4 would let the request hang. */
export function answering(handler: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    handler(request, response).catch(next);
  };
}
