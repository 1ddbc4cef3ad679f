/** The part of WebAssembly that the engine uses: the `dom` library would bring a browser's globals with it. */
export {};

declare global {
  declare namespace WebAssembly {
    interface Memory {
      readonly buffer: ArrayBufferLike;
    }
    var Memory: { new (descriptor: { initial: number; maximum?: number; shared?: boolean }): Memory };
    interface Module {
      readonly [Symbol.toStringTag]: string;
    }
    var Module: { new (bytes: Uint8Array): Module };
    interface Instance {
      readonly exports: Record<string, unknown>;
    }
    var Instance: { new (module: Module, imports: Record<string, Record<string, unknown>>): Instance };
    function validate(bytes: Uint8Array): boolean;
  }
}
