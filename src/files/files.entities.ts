import { FileChannel } from './file-channel.entity.js';
import { FileRemoval } from './file-removal.entity.js';
import { File } from './file.entity.js';

export const filesEntities = [FileChannel, FileRemoval, File];
