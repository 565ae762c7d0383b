/** What we use of noVNC 1.7; the published types describe an older one with other paths. */
declare module '@novnc/novnc' {
  /** What noVNC asks of a channel besides a web socket. */
  interface RawChannel {
    binaryType: string;
    protocol: string;
    readyState: 'connecting' | 'open' | 'closing' | 'closed';
    onopen: (() => void) | null;
    onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null;
    onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
    onerror: (() => void) | null;
    send(bytes: Uint8Array): void;
    close(): void;
  }

  class RFB extends EventTarget {
    constructor(target: Element, channel: RawChannel);
    scaleViewport: boolean;
    background: string;
    focus(): void;
    blur(): void;
    disconnect(): void;
    sendCtrlAltDel(): void;
  }

  export { RFB as default };
}
