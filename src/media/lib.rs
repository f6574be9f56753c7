//! Frame index, decoding, sound and playback of video, exact to the frame.
