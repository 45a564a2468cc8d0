/** The person, or a rule of theirs, refused to tell who they are. */
export class OpenIDRefused extends Error {}

/** The chat client around the widget did not answer. */
export class HostSilent extends Error {}
