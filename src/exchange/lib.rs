//! ELAN, coded-timeline CSV and other files to a session and back.
