/** The page is there and wants the screen; or bytes of VNC's protocol for the machine. */
export type FromScreenPage = { readonly ready: true } | { readonly bytes: Uint8Array };

/** The machine's screen can be had; bytes of VNC's protocol; or why there are no more. */
export type ToScreenPage =
  { readonly open: true } | { readonly bytes: Uint8Array } | { readonly ended: string };
