// Loaded by Node under Wine before anything else, in the command's process and in those it starts; see gaps.cpp.
import koffi from 'koffi';

koffi.load('bcryptprimitives.dll').func('mindExceptions', 'void', [])();
