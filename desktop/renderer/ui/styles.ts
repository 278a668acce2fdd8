/** All style sheets of the screens, in the order in which they build on each other. */
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import '@mantine/notifications/styles.css';
import './tokens.css';
import './frame.css';
import './admin.css';
import './table.css';
import './profile.css';
import './files.css';
import './presence.css';
import './scan.css';
import './fields.css';
import './label.css';
import './catalog.css';
import './stock.css';
import './counts.css';
