/** The scheme of the report about this machine. */
export const reportScheme = 'polyhead-report';
